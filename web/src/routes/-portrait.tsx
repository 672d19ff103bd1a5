import { Mark } from "@/features/workspace/mark";

/** Jean's small portrait, for the folded dock and the bottom bar. */
export function Portrait() {
  return <span className="grid size-full place-items-center overflow-hidden rounded-full bg-jean-soft"><Mark className="size-3/5" /></span>;
}

/** Her picture beside the sign-in form. */
export function DoorPortrait() {
  return <Mark className="m-auto size-48" />;
}

/** Her moving face in the dock. */
export function Face() {
  return <Mark className="absolute inset-0 m-auto size-24" />;
}
