import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";

// Loaded only when something subscribes: SignalR is too heavy for the first page.

export interface LiveEvent {
  topic: string;
  name: string;
  data: unknown;
}
export interface HubCallbacks {
  event(event: LiveEvent): void;
  state(state: "connecting" | "connected" | "reconnecting"): void;
}

/** Half a second at first, half a minute at most, never in step with other clients. */
export const backOffMs = (attempt: number, random: number = Math.random()): number => Math.min(30_000, 500 * 2 ** attempt) * (0.5 + random / 2);

/** One connection that is kept up until `stop()`, with its topics. */
export class Hub {
  readonly #connection: HubConnection;
  readonly #topics = new Set<string>();
  readonly #callbacks: HubCallbacks;
  #begun: () => void = () => undefined;
  readonly #first = new Promise<void>((resolve) => { this.#begun = resolve; });
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(url: string, callbacks: HubCallbacks) {
    this.#callbacks = callbacks;
    this.#connection = new HubConnectionBuilder()
      // Straight to a WebSocket: negotiating would be one more request, and a POST that had to prove its origin.
      .withUrl(url, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => backOffMs(previousRetryCount) })
      .configureLogging(LogLevel.None)
      .build();
    this.#connection.on("event", (event: LiveEvent) => callbacks.event(event));
    this.#connection.onreconnecting(() => callbacks.state("reconnecting"));
    this.#connection.onreconnected(() => void this.#restore());
    // A close that nobody asked for, such as a refused handshake, starts over.
    this.#connection.onclose(() => void this.start());
  }

  async start(): Promise<void> {
    for (let attempt = 0; !this.#stopped && this.#connection.state === HubConnectionState.Disconnected; attempt++) {
      this.#callbacks.state(attempt === 0 ? "connecting" : "reconnecting");
      try {
        await this.#connection.start();
        await this.#restore();
      } catch {
        await this.#pause(backOffMs(attempt));
      }
    }
  }

  /** Tries at once instead of waiting the pause out, for example when the network is back. */
  nudge(): void {
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#connection.stop();
  }

  /** Ends when events come; while the connection is lost at once, as its return is told apart. */
  async subscribe(topic: string): Promise<void> {
    this.#topics.add(topic);
    await this.#invoke("Subscribe", topic);
    await this.#first;
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
    void this.#invoke("Unsubscribe", topic);
  }

  async #restore(): Promise<void> {
    await Promise.all([...this.#topics].map((topic) => this.#invoke("Subscribe", topic)));
    this.#begun();
    this.#callbacks.state("connected");
  }

  async #invoke(method: string, topic: string): Promise<void> {
    if (this.#connection.state !== HubConnectionState.Connected) return;
    // A refused topic stays silent: the pages work without live news, only less fresh.
    await this.#connection.invoke(method, topic).catch(() => undefined);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = done;
    });
  }
}
