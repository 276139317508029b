// The looks of the conversations. A style sheet that is made by a script needs no leave of the page's policy.
export const style = `
:host{all:initial}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
dialog{--line:#75808c;--soft:#eef1f4;--strong:#1c4fa3;position:fixed;inset:auto;inset-block-end:20px;inset-inline-end:20px;z-index:2147483001;
width:370px;height:560px;max-width:calc(100vw - 40px);max-height:calc(100vh - 40px);padding:0;overflow:hidden;border:1px solid var(--line);
border-radius:12px;background:#fff;color:#1b1f24;color-scheme:light;font:15px/1.45 system-ui,sans-serif;box-shadow:0 6px 30px #0003}
dialog[open]{display:flex;flex-direction:column}
.row{display:flex;align-items:flex-end;gap:8px;padding:12px}
[hidden]{display:none!important}
h2{flex:1;align-self:center;min-width:0;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;outline:0}
button{cursor:pointer;min-width:24px;min-height:24px;padding:6px 10px;border:1px solid var(--line);border-radius:8px;background:none}
button.main{background:var(--strong);border-color:var(--strong);color:#fff}
:focus-visible{outline:2px solid var(--strong);outline-offset:2px}
.all{flex:1;border-block:1px solid var(--soft);min-height:0;overflow:auto;padding:12px;overflow-wrap:anywhere}
ul.list{list-style:none;padding:0}
ul.list button{display:block;width:100%;text-align:start;margin-block-end:8px}
ul.list .new{font-weight:700}
.words{margin-block-end:12px;max-width:88%;width:fit-content}
.me{margin-inline-start:auto}
.text{padding:8px 12px;border-radius:10px;background:var(--soft)}
.me .text{background:var(--strong);color:#fff}
.text p+p{margin-block-start:8px}
.text a{text-decoration:underline;display:inline}
.text ul,.text ol{padding-inline-start:20px}
.text pre{white-space:pre-wrap}.text code,.text pre{font-family:ui-monospace,monospace}
.text blockquote{border-inline-start:3px solid;padding-inline-start:8px}
b,strong,.heading,th{font-weight:700}i,em{font-style:italic}
.plain{white-space:pre-wrap}
small{font-size:12px}
textarea{flex:1;min-width:0;height:64px;resize:none;padding:8px;border:1px solid var(--line);border-radius:8px;background:none}
.status{padding:0 12px}
.status:not(:empty){padding-block-end:8px}
@media(prefers-color-scheme:dark){dialog{--line:#8b96a3;--soft:#2a3038;--strong:#8ab0f5;background:#16191d;color:#e8ebef;color-scheme:dark}
button.main,.me .text{color:#0d1420}}
@media(max-width:480px){dialog{inset:0;width:100%;height:100%;max-width:none;max-height:none;border:0;border-radius:0}}
`;
