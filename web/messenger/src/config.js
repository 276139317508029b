// What the server wrote into the first line of the script. The address may lack its scheme: it is then the one that
// the script itself came by. Nothing that a page says can change either.
const { app, api: address } = window.__lobby;
const script = document.currentScript;

export { app };
export const api = new URL(address, (script && script.src) || location.href).origin;
