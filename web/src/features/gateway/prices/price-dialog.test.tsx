import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { gatewayKeys } from "../queries";
import { ImportDialog } from "./import-dialog";
import { PriceDialog } from "./price-dialog";
import { emptyPrice } from "./price-form";
import { text } from "./text";

const calls = vi.fn<typeof fetch>();
const answer = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { "Content-Type": status === 200 ? "application/json" : "application/problem+json" } });

async function show(dialog: React.ReactNode) {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(gatewayKeys.models, [{ id: "harbour/small", name: "small", providerId: null, providerName: null, builtIn: false, isDefault: false, route: false }]);
  await act(async () => { render(<QueryClientProvider client={client}><Suspense>{dialog}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}
const type = (label: string, value: string): void => void fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string): Promise<void> => act(async () => { fireEvent.click(screen.getByRole("button", { name, hidden: true })); await new Promise((done) => setTimeout(done, 20)); });

beforeEach(() => vi.stubGlobal("fetch", calls));
afterEach(() => {
  cleanup();
  calls.mockReset();
  vi.unstubAllGlobals();
});

describe("setting a price", () => {
  it("sends the amounts in millionths and closes", async () => {
    calls.mockResolvedValue(answer({}));
    const close = vi.fn();
    await show(<PriceDialog start={emptyPrice} known={false} onClose={close} />);
    type("Models", "harbour/*");
    expect(screen.getByText("Fits 1 model you have connected.")).toBeTruthy();
    type("Input", "0.40");
    type("Each picture", "0.04");
    await press("Set price");
    expect(JSON.parse(calls.mock.calls[0]![1]!.body as string)).toMatchObject({ pattern: "harbour/*", inputMicros: 400_000, outputMicros: 0, imageMicros: 40_000, validFrom: null });
    expect(close).toHaveBeenCalledOnce();
  });

  it("says what is missing, and sends nothing then", async () => {
    await show(<PriceDialog start={emptyPrice} known={false} onClose={() => undefined} />);
    await press("Set price");
    expect(screen.getByText("Say which models this price is for.")).toBeTruthy();
    expect(screen.getByRole("alert", { hidden: true }).textContent).toContain("at least one amount");
    type("Output", "1,000");
    expect(screen.getByLabelText("Output").getAttribute("aria-invalid")).toBe("true");
    expect(calls).not.toHaveBeenCalled();
  });
});

describe("importing prices", () => {
  it("sends the file as CSV, and says which line the server could not read", async () => {
    calls.mockResolvedValue(answer({ code: "kernel.validation", title: "Bad Request", status: 400, errors: { csv: ["Line 3 cannot be read."] } }, 400));
    await show(<ImportDialog onClose={() => undefined} />);
    await press("Import");
    expect(screen.getByText("Choose a file first.")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("CSV file"), { target: { files: [new File(["pattern"], "p.csv", { type: "application/vnd.ms-excel" })] } });
    await press("Import");
    const sent = calls.mock.calls[0]![1]!;
    expect(new Headers(sent.headers).get("Content-Type")).toBe("text/csv");
    expect(sent.body).toBeInstanceOf(Blob);
    expect(screen.getByRole("alert", { hidden: true }).textContent).toBe("Nothing was imported.Line 3 cannot be read.");
  });
});
