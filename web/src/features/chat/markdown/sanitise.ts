import DOMPurify from "dompurify";

const allowedTags = [
  "a", "b", "blockquote", "br", "code", "del", "details", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "kbd", "li", "mark", "ol",
  "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
];
const allowedAttributes = ["align", "alt", "checked", "class", "colspan", "disabled", "href", "lang", "dir", "open", "rowspan", "src", "start", "title", "type"];

/** Only these schemes may be followed; everything else (javascript:, data:, file:) is dropped. */
const followable = /^(?:https?:|mailto:|tel:|#|\/(?!\/))/i;

const keptClass = /^(?:language-[\w+#.-]+|math-inline|math-block)$/;

/**
 * Makes HTML that came out of a model or a page harmless: a short list of elements, no handlers, no forms, no frames, links that
 * neither leak where they were clicked nor reach back. Images of other servers are not loaded: that would tell them who reads what;
 * a link that names the server stands in their place, in the words of `imageLabel`.
 */
export function sanitise(html: string, imageLabel: (host: string) => string): DocumentFragment {
  // A frameset would take the place of everything else, and leave nothing to return: it is shown as it was written.
  const fragment = DOMPurify.sanitize(html.replace(/<(?=frameset)/gi, "&lt;"), {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOWED_URI_REGEXP: followable,
    // The expression above is for addresses only; by default every attribute has to match it.
    ADD_URI_SAFE_ATTR: ["align", "checked", "colspan", "dir", "disabled", "lang", "open", "rowspan", "start", "type"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const element of fragment.querySelectorAll("[class]")) {
    // Our own styles must not be lent to a text that would then cover the page or dress up as a button.
    const kept = [...element.classList].filter((name) => keptClass.test(name));
    if (kept.length > 0) element.className = kept.join(" ");
    else element.removeAttribute("class");
  }
  for (const link of fragment.querySelectorAll("a")) {
    if (!link.getAttribute("href")) {
      link.removeAttribute("href");
      continue;
    }
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  for (const image of fragment.querySelectorAll("img")) {
    const shown = imageLink(image, imageLabel);
    // A link within a link cannot be pressed: an image that was one stands behind it.
    const around = image.closest("a");
    if (around && shown instanceof HTMLAnchorElement) {
      image.replaceWith(image.alt);
      if (!around.textContent.trim()) around.textContent = around.getAttribute("href") ?? "";
      around.after(" ", shown);
    } else image.replaceWith(shown);
  }
  for (const input of fragment.querySelectorAll("input")) {
    if (input.type !== "checkbox") input.remove();
    else input.disabled = true;
  }
  for (const table of fragment.querySelectorAll("table")) {
    const frame = document.createElement("div");
    frame.className = "table-frame";
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const block of fragment.querySelectorAll("p, h1, h2, h3, h4, h5, h6, blockquote")) block.setAttribute("dir", "auto");
  // A list or table runs one way as a whole; what its parts say lines up by itself (plaintext in the style sheet).
  for (const whole of fragment.querySelectorAll("ul, ol, table")) {
    const letter = /\p{L}/u.exec(whole.textContent);
    if (letter) whole.setAttribute("dir", rightToLeft.test(letter[0]) ? "rtl" : "ltr");
  }
  for (const code of fragment.querySelectorAll("code, pre, kbd")) code.setAttribute("dir", "ltr");
  return fragment;
}

// Hebrew, Arabic, Syriac, Thaana, N’Ko and their neighbours stand together in Unicode.
const rightToLeft = /[\u0591-\u08ff\ufb1d-\ufefc]/;

/** Says whose image it is and what pressing does: our own page may not load it, so it opens in a tab of its own. */
function imageLink(image: HTMLImageElement, label: (host: string) => string): Node {
  const source = image.getAttribute("src");
  const words = document.createElement("span");
  words.className = "image-words";
  words.dir = "auto";
  words.textContent = image.alt || image.title;
  const url = source && /^https?:/i.test(source) ? URL.parse(source) : null;
  if (!url) return words;
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.className = "image-link";
  const host = document.createElement("span");
  // The host by itself, whatever the direction of the sentence around it.
  host.textContent = label(`\u2066${url.host}\u2069`);
  host.dir = "auto";
  if (words.textContent) link.append(words);
  link.append(host);
  return link;
}
