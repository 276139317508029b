package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// prismPackage is what npm installs, into the folder of the run. It needs Node 18 or newer.
const prismPackage = "@stoplight/prism-cli@5.16.0"

const prismAddress = "127.0.0.1:18767"

// startPrism installs Prism and has it mock the published description. It keeps nothing and checks every request.
func startPrism(folder, description string, people crowd) (*server, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	mended := filepath.Join(folder, "description.yaml")
	if err := mendDescription(description, mended); err != nil {
		return nil, err
	}
	install := exec.Command("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", prismPackage)
	if said, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm install: %w: %s", err, said)
	}
	program := filepath.Join(folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
	command := exec.Command("node", program, "mock", mended, "--host", "127.0.0.1", "--port", "18767", "--verboseLevel", "silent")
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	requests := map[string]request{}
	for name, r := range lobbyRequests(people) {
		if name == getVisitor || name == putVisitor || name == convertVisitor {
			requests[name] = r
		}
	}
	s := &server{name: "Prism", url: "http://" + prismAddress, token: "any", process: command, requests: requests}
	err := s.await("/visitors?user_id=" + people.anyRegular())
	if err != nil {
		s.stop()
	}
	return s, err
}

// mendDescription copies the published description and adds a schema that it refers to and does not have.
func mendDescription(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("the published description: %w", err)
	}
	if !bytes.Contains(text, []byte("\n    custom_attributes:\n")) {
		text = bytes.Replace(text, []byte("\n  schemas:\n"), []byte("\n  schemas:\n    custom_attributes:\n      type: object\n"), 1)
	}
	return os.WriteFile(to, text, 0o600)
}
