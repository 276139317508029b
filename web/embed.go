// Package web holds what a browser gets: the script that pages load as Intercom's, and the pages of Lobby itself.
// The fronts serve it; the script is built from messenger/src and committed, so that Go alone builds Lobby.
// It must not know how or to whom anything is served.
package web

import "embed"

//go:generate go tool -modfile=../tools/go.mod esbuild messenger/src/messenger.js messenger/src/form.js messenger/src/thread.js --bundle --minify --format=iife --target=es2019 --supported:dynamic-import=true --charset=utf8 --log-level=warning --outdir=messenger/dist

// Messenger is the script without its first line, which names the app and the server.
//
//go:embed messenger/dist/messenger.js
var Messenger []byte

// Form is what the script loads when a page first shows the form in which a visitor may leave an email address.
//
//go:embed messenger/dist/form.js
var Form []byte

// Thread is what the script loads when a page first shows conversations.
//
//go:embed messenger/dist/thread.js
var Thread []byte

// Demo has the page that shows what a visitor is: demo.html, a template, with its style sheet and script.
//
//go:embed demo
var Demo embed.FS

// Admin has the pages for the owner's team: templates, a style sheet and a script.
//
//go:embed admin
var Admin embed.FS
