/** The look of the graph; theme variables only. */
import { css } from "lit";

export const GRAPH = css`
  :host {
    display: block;
    overflow: auto;
  }
  .box rect {
    fill: var(--vscode-editorWidget-background);
    stroke: var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-disabledForeground)));
  }
  .box.outer rect {
    fill: var(--vscode-editor-background);
    stroke-dasharray: 4 3;
  }
  .box {
    cursor: pointer;
    outline: none;
  }
  .box:hover rect {
    fill: var(--vscode-list-hoverBackground);
  }
  .box.lit rect {
    stroke: currentColor;
    stroke-width: 2;
  }
  .box.selected rect {
    stroke: var(--vscode-focusBorder);
    stroke-width: 3;
  }
  .box:focus-visible rect {
    stroke: var(--vscode-focusBorder);
    stroke-width: 3;
  }
  .box:focus-visible .focus {
    display: block;
  }
  .box rect.focus {
    display: none;
    fill: none;
    stroke: var(--vscode-focusBorder);
    stroke-width: 1;
    stroke-dasharray: none;
  }
  .box text {
    fill: var(--vscode-foreground);
    font-size: 12px;
  }
  .box text.kind {
    fill: var(--vscode-descriptionForeground);
    font-size: 10.5px;
  }
  .box.queued.within text {
    fill: var(--vscode-descriptionForeground);
  }
  path {
    fill: none;
    stroke: var(--vscode-foreground);
    opacity: 0.5;
  }
  .head {
    fill: var(--vscode-foreground);
    stroke: none;
  }
`;
