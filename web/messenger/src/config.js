// What the server wrote into the first line of the script: the app, where its server is, and the workspace's policy.
// The address may lack its scheme: it is then the one that the script itself came by. It may have a path, where a proxy
// serves it under one. Nothing that a page says can change any of it.
export const config = window.__lobby;
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript); // none for a module

export const app = config.app;
export const api = new URL(config.api, (script && script.src) || document.baseURI).href.replace(/\/$/, '');
