package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"lobby/internal/config"
)

// writeStartFiles writes the files by which other programs find a server that takes connections.
func writeStartFiles(cfg config.Config, listener net.Listener, w welcome) error {
	var ready strings.Builder
	fmt.Fprintf(&ready, "LOBBY_URL=%s\nLOBBY_APP_ID=%s\n", w.address, w.workspace.ID)
	if w.created != nil {
		fmt.Fprintf(&ready, "LOBBY_TOKEN=%s\n", w.created.Token.Secret)
	}
	port := ""
	if tcp, is := listener.Addr().(*net.TCPAddr); is {
		port = fmt.Sprintln(tcp.Port)
	}
	return errors.Join(writeWhole("--ready-file", cfg.ReadyFile, ready.String()), writeWhole("--port-file", cfg.PortFile, port))
}

// writeWhole writes a file that only its owner may read, so that nobody sees it half written. An empty name writes none.
func writeWhole(option, name, text string) error {
	if name == "" {
		return nil
	}
	partial := name + ".part"
	err := os.WriteFile(partial, []byte(text), 0o600)
	if err == nil {
		err = os.Rename(partial, name)
	}
	if err != nil {
		return usage("%s: %s", option, err)
	}
	return nil
}

// removeStartFiles removes them when the server has stopped.
func removeStartFiles(cfg config.Config) {
	for _, name := range []string{cfg.ReadyFile, cfg.PortFile} {
		if name != "" {
			os.Remove(name) //nolint:errcheck // whoever removed it before has what they want
		}
	}
}
