package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

// startLobby fills a database of Lobby and serves it.
func startLobby(binary, folder string, people crowd) (*server, error) {
	const token, address = "a-token-of-the-peers-bench", "127.0.0.1:18765"
	start := func() (*server, error) {
		command := exec.Command(binary, "serve", "--data", folder, "--listen", address, "--app-id", "bench", "--access-token", token,
			"--rate-limit", "0", "--log-level", "warn")
		command.Stderr = os.Stderr
		if err := command.Start(); err != nil {
			return nil, err
		}
		s := &server{name: "Lobby", url: "http://" + address, token: token, process: command, requests: lobbyRequests(people)}
		return s, s.await("/me")
	}
	s, err := start()
	if err != nil {
		return nil, err
	}
	s.stop()
	file := folder + "/people.ndjson"
	if err := writePeople(file, people); err != nil {
		return nil, err
	}
	if said, err := exec.Command(binary, "import", file, "--data", folder, "--workspace", "bench").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("import: %w: %s", err, said)
	}
	if s, err = start(); err != nil {
		return nil, err
	}
	for n := range people.visitors + regulars {
		if _, err := s.ask(http.DefaultClient, http.MethodPost, "/lobby/v1/visitors", `{"user_id":"`+anonymousID(n)+`"}`); err != nil {
			return nil, err
		}
	}
	// The first search waits for the index.
	_, path, body := s.requests[searchMany].of(0)
	_, err = s.ask(http.DefaultClient, http.MethodPost, path, body)
	return s, err
}

func writePeople(name string, people crowd) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	for n := range people.contacts {
		fmt.Fprintln(out, strings.NewReplacer("ID", contactID(n)).Replace(lobbyLine(n)))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

func lobbyLine(n int) string {
	return fmt.Sprintf(`{"id":"ID","role":"user","external_id":"customer %d","email":"%s","name":"%s","created_at":%d,"custom_attributes":{"plan":"%s","seats":%d}}`,
		n, email(n), name(n), firstSecond+n, plan(n), seats(n))
}

func lobbyRequests(people crowd) map[string]request {
	return map[string]request{
		getOne: {expected: `"email":`, of: func(int) (string, string, string) {
			return http.MethodGet, "/contacts/" + contactID(people.anybody()), ""
		}},
		putOne: {expected: `"email":`, of: func(n int) (string, string, string) {
			return http.MethodPut, "/contacts/" + contactID(people.anybody()), fmt.Sprintf(`{"name":"Ada %d","custom_attributes":{"plan":"plan %d"}}`, n, n%9)
		}},
		convertOne: {expected: `"role":"user"`, usesUp: true, of: func(n int) (string, string, string) {
			return http.MethodPost, "/visitors/convert", fmt.Sprintf(`{"visitor":{"user_id":"%s"},"user":{"email":"new-%d@mail.example"},"type":"user"}`, anonymousID(n), n)
		}},
		getVisitor: {expected: `{"type":"visitor"`, of: func(int) (string, string, string) {
			return http.MethodGet, "/visitors?user_id=" + people.anyRegular(), ""
		}},
		putVisitor: {expected: `{"type":"visitor"`, of: func(n int) (string, string, string) {
			return http.MethodPut, "/visitors", fmt.Sprintf(`{"user_id":"%s","name":"Ada %d"}`, people.anyRegular(), n)
		}},
		convertVisitor: {expected: `{"type":"contact"`, usesUp: true, of: func(n int) (string, string, string) {
			return http.MethodPost, "/visitors/convert", fmt.Sprintf(`{"visitor":{"user_id":"%s"},"user":{"email":"new-%d@mail.example","user_id":"new %d"},"type":"user"}`, anonymousID(n), n, n)
		}},
		searchMany: {expected: `"total_count":`, of: func(n int) (string, string, string) {
			return http.MethodPost, "/contacts/search", fmt.Sprintf(`{"query":{"operator":"AND","value":[{"field":"role","operator":"=","value":"user"},`+
				`{"field":"custom_attributes.seats","operator":">","value":%d}]},"pagination":{"per_page":50}}`, moreThan+n%9)
		}},
	}
}
