/** Two short notes: she heard her name. Silent where the browser still wants a press before it plays sound. */
export function chime(): void {
  const context = new AudioContext();
  const at = context.currentTime;
  for (const [hertz, delay] of [[660, 0], [880, 0.09]] as const) {
    const note = new OscillatorNode(context, { frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at + delay);
    volume.gain.linearRampToValueAtTime(0.08, at + delay + 0.015);
    volume.gain.linearRampToValueAtTime(0, at + delay + 0.14);
    note.connect(volume).connect(context.destination);
    note.start(at + delay);
    note.stop(at + delay + 0.15);
  }
  // By the clock of the page: where nothing sounds nothing ends.
  setTimeout(() => void context.close(), 600);
}
