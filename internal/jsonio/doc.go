// Package jsonio reads and writes JSON for everything that Lobby keeps or sends: a strict reader of request bodies whose
// errors name the member, a writer that appends members to a buffer, and a recorder of what a handler reads.
// wire and api use it for the public JSON, sqlstore for what it stores.
// It must not know persons, HTTP or SQL, and no other package but apidoc may use the JSON library beneath it.
package jsonio
