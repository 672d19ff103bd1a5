import { existsSync, readdirSync } from "node:fs";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = existsSync("src/features") ? readdirSync("src/features", { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => d.name) : [];
const layer = (files, banned, message) => ({
  files: [`${files}/**/*.{ts,tsx}`],
  rules: { "no-restricted-imports": ["error", { patterns: [{ group: banned.flatMap((path) => [path, `${path}/*`]), message }] }] },
});
// Physical sides break right-to-left pages; the logical twins are ms/me/ps/pe/start/end.
const physical = String.raw`/(^|[\s:!-])-?(m[lr]|p[lr]|scroll-m[lr]|scroll-p[lr]|left|right)-(\[|\d|px|auto|full)|(^|[\s:])(text-left|text-right|float-left|float-right|border-[lr](-|\s|$)|rounded-(l|r|tl|tr|bl|br)(-|\s|$))/`;
const logicalOnly = "Use logical classes (ms- me- ps- pe- start- end- text-start border-s rounded-s) so that right-to-left works.";

export default tseslint.config(
  { ignores: ["dist", "dev-dist", "test-results", "public", "src/**/*.gen.ts"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  hooks.configs.flat.recommended,
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Router guards throw redirects, which are not errors.
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }, { from: "package", package: "@tanstack/router-core", name: "NotFoundError" }] }],
      "no-restricted-syntax": [
        "error",
        { selector: `JSXAttribute[name.name='className'] Literal[value=${physical}]`, message: logicalOnly },
        { selector: `JSXAttribute[name.name='className'] TemplateElement[value.raw=${physical}]`, message: logicalOnly },
        { selector: `CallExpression[callee.name='cx'] Literal[value=${physical}]`, message: logicalOnly },
      ],
    },
  },
  // The list of features is read from disk, so a new folder is covered the day it is created.
  ...features.map((own) =>
    layer(`src/features/${own}`, [...features.filter((f) => f !== own).map((f) => `@/features/${f}`), "@/routes", "@/app"], "Features import shared/ only; routes/ put them together.")),
  layer("src/shared", ["@/features", "@/routes", "@/app"], "shared/ imports nothing above it."),
  layer("src/routes", ["@/app"], "routes/ never import app/."),
  { files: ["**/*.{js,mjs}"], ...tseslint.configs.disableTypeChecked },
);
