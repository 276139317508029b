package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"lobby/internal/api"
	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/remnant"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// eraseVerbs explains lobby erase. What stands for a verb is its first word.
var eraseVerbs = []verb{{
	name: "APP_ID", words: "ID [--prove]",
	summary: "erases a person with all that hangs on it, whoever it absorbed too; ID is any id that the person ever had; --prove then " +
		"searches every file of the data and the memory for what was known of the person",
}}

var eraseOptions = []ownOption{{name: "--prove"}}

// erasePatience is how long the bytes of a person may take to go. Only a command that reads for long holds them up.
const erasePatience = time.Minute

// wireWords are the members of a person's export that have words of the program or of others, not of the person.
var wireWords = []string{
	"type", "role", "state", "consent_type", "content_types", "part_type", "reason", "kind", "field", "topic", "channel", "delivered_as", "priority",
	"webhook_id", "answer", "error", // of a receiver of webhooks, which says the same of everybody
}

// errLeft says that a row or a file still has something of a person who was erased.
var errLeft = errors.New("something of the person is left")

// erase erases a person.
func (p *program) erase(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, 2, eraseOptions...)
	if err != nil {
		return err
	}
	if len(words) != 2 {
		return usage("the command is %s", eraseVerbs[0].usage("erase"))
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	store, err := p.openAlone(ctx, cfg)
	if locked, is := errors.AsType[*sqlstore.LockedError](err); is {
		return usage("%w; a server that runs erases too: send it DELETE /contacts/{id} or DELETE /lobby/v1/visitors/{id}, "+
			"which answers 200 when the bytes are gone and 202 when they go soon", locked)
	}
	if err != nil {
		return err
	}
	lobby, _ := app.Join(store)
	gone, err := p.erasePerson(ctx, lobby, words)
	var left error
	if p.has("--prove") && err == nil {
		if left = p.proveRows(ctx, store, gone); !errors.Is(left, errLeft) {
			err, left = left, nil
		}
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	if cfg.Database != "" {
		fmt.Fprintln(p.stdout, "the rows are deleted; PostgreSQL overwrites them when it vacuums: autovacuum does, or VACUUM does now.\n"+
			"Archives of its log, replicas and backups are the operator's.")
	}
	if p.has("--prove") {
		return cmp.Or(p.prove(cfg, gone.texts), left)
	}
	return nil
}

// erased is a person who was erased.
type erased struct {
	workspace workspace.ID
	ids       []string         // of its records
	texts     *remnant.Needles // that were known of it
}

// erasePerson erases a person, and returns what was known of it.
func (p *program) erasePerson(ctx context.Context, l *people.Lobby, words []string) (*erased, error) {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return nil, mistake(err)
	}
	known, err := api.ExportPerson(ctx, l, ws.Caller(), words[1])
	if errors.Is(err, people.ErrPersonNotFound) {
		return nil, usageError{err}
	}
	if err != nil {
		return nil, err
	}
	needles, err := remnant.NewNeedles(known, wireWords...)
	clear(known)
	if err != nil {
		return nil, err
	}
	person, absorbed, err := personOf(ctx, l, ws.ID, words[1])
	if err != nil {
		return nil, err
	}
	if person.Role == people.Visitor {
		_, err = l.DeleteVisitor(ctx, ws.Caller(), people.VisitorRef{ID: person.ID})
	} else {
		_, err = l.DeleteContact(ctx, ws.Caller(), person.ID)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(p.stdout, "%s %s is erased\n", person.Role, person.ID)
	if !l.Store.Purge(ctx, erasePatience) {
		return nil, errors.New("something reads the database, so the bytes are still in its log; a later start of Lobby empties it")
	}
	return &erased{ws.ID, append(absorbed, person.ID), needles}, nil
}

// personOf returns the person to whom an id leads, and the ids of those that it absorbed.
func personOf(ctx context.Context, l *people.Lobby, ws workspace.ID, anyID string) (person *people.Person, absorbed []string, err error) {
	err = l.Store.Read(ctx, func(r people.Reader) error {
		if person, err = people.ByAnyID(r, ws, anyID); err != nil {
			return err
		}
		absorbed, err = r.Absorbed(ws, person.ID)
		return err
	})
	return person, absorbed, err
}

// proveRows looks for the person in the rows of the database. It leaves out the texts that stand in the data of others, and
// the ids that stay, and returns errLeft for rows that should not be there.
func (p *program) proveRows(ctx context.Context, store *sqlstore.Store, e *erased) error {
	common, found, err := store.Remains(ctx, e.workspace, e.ids, e.texts.In)
	if err != nil {
		return err
	}
	e.texts.Drop(common)
	fmt.Fprintf(p.stdout, "searched for %d texts of the person; %d more stand in the data of others, or stay as ids\n", e.texts.Len(), len(common))
	for _, remain := range found {
		fmt.Fprintf(p.stdout, "the database: %s; that must not happen: please tell the authors\n", remain)
		err = errLeft
	}
	return err
}

// prove searches the files of an embedded database and the memory of this process. It returns errLeft for a file that has
// something.
func (p *program) prove(cfg config.Config, needles *remnant.Needles) error {
	var err error
	if cfg.Data != "" && cfg.Database == "" {
		files, failed := needles.Files(cfg.Data)
		if failed != nil {
			return failed
		}
		fmt.Fprintf(p.stdout, "searched %d files, %d bytes\n", files.Places, files.Bytes)
		for _, f := range files.Found {
			fmt.Fprintf(p.stdout, "%s has %d of the texts, at %d places%s\n", filepath.Join(cfg.Data, f.Place), f.Texts, f.Count, remedy(f.Place))
			err = errLeft
		}
	}
	memory, failed := needles.Memory()
	if failed != nil {
		fmt.Fprintln(p.stdout, "memory was not searched:", failed)
		return err
	}
	fmt.Fprintf(p.stdout, "searched %d areas of memory, %d bytes\n", memory.Places, memory.Bytes)
	for _, f := range memory.Found {
		fmt.Fprintf(p.stdout, "the memory of this command has %d of the texts, at %d places, until it ends\n", f.Texts, f.Count)
	}
	return err
}

// remedy says how what is left in a file of the folder goes.
func remedy(file string) string {
	switch {
	case strings.HasPrefix(file, "replaced-"):
		return "; lobby restore put it aside, and lobby restore --forget deletes it"
	case strings.HasPrefix(file, "lobby-schema-"):
		return "; it is a copy from before a migration: delete the file when it is not needed any more"
	case strings.HasPrefix(file, "lobby-backup-"):
		return "; it is a backup: a restore erases the person again, and until then deleting the file is the only way"
	case strings.Contains(file, "lobby.db"):
		return "; that must not happen: please tell the authors"
	}
	return "; it is no file of Lobby"
}
