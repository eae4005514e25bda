/** An icon that is pressed, named for eyes and ears alike. */
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import { html, type TemplateResult } from "lit";

export function tool(icon: string, label: string, press: () => void): TemplateResult {
  return html`<vscode-toolbar-button
    icon=${icon}
    label=${label}
    title=${label}
    @click=${press}
  ></vscode-toolbar-button>`;
}
