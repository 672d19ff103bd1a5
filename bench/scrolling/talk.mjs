// A long conversation in ChatGPT's format, as people have them: mostly prose, with lists, code, tables and formulas between.
const words = "the harbour tide lamp keeper wrote evening letter about small boats that came late when fog stood over water and nobody could tell which bell rang first so we counted again from north side".split(" ");

function randomOf(seed) {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
}

export function longTalk(messages) {
  const random = randomOf(7);
  const sentence = () => `${Array.from({ length: 6 + Math.floor(random() * 14) }, () => words[Math.floor(random() * words.length)]).join(" ")}.`;
  const prose = (most) => Array.from({ length: 1 + Math.floor(random() * most) }, sentence).join(" ");
  const answer = (i) => {
    const parts = [prose(4)];
    if (i % 6 === 1) parts.push(Array.from({ length: 5 }, () => `- **${words[Math.floor(random() * words.length)]}**: ${sentence()}`).join("\n"));
    if (i % 10 === 3) parts.push(`\`\`\`python\ndef tide(day):\n    # ${sentence()}\n    return [hour * ${i} for hour in range(24)]\n\nprint(tide(${i}))\n\`\`\``);
    if (i % 16 === 5) parts.push(`| day | high | low |\n|---|---|---|\n${Array.from({ length: 6 }, (_, d) => `| ${d} | ${Math.floor(random() * 24)} | ${Math.floor(random() * 24)} |`).join("\n")}`);
    if (i % 30 === 7) parts.push(`$$h_{${i}} = \\sum_{k=1}^{5} a_k \\cos(\\omega_k t + \\phi_k)$$`);
    parts.push(prose(5));
    return parts.join("\n\n");
  };
  const mapping = {};
  for (let i = 0; i < messages; i++) {
    const id = `m${i}`, role = i % 2 === 0 ? "user" : "assistant";
    mapping[id] = {
      id, parent: i === 0 ? null : `m${i - 1}`, children: i === messages - 1 ? [] : [`m${i + 1}`],
      message: { id, author: { role }, create_time: 1_700_000_000 + i * 60, content: { content_type: "text", parts: [role === "user" ? prose(2) : answer(i)] }, metadata: {} },
    };
  }
  return [{ title: "Ten thousand messages", create_time: 1_700_000_000, update_time: 1_700_000_000 + messages * 60, conversation_id: "long", current_node: `m${messages - 1}`, mapping }];
}
