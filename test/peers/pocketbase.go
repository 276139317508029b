package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

const pocketBaseAddress = "127.0.0.1:18766"

// newPocketBase returns PocketBase with the default options, but for commits that survive a power cut.
func newPocketBase(folder string) *pocketbase.PocketBase {
	return pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: folder, DBConnect: func(file string) (*dbx.DB, error) {
		return dbx.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
			"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
	}})
}

// servePocketBase serves a folder until it is interrupted.
func servePocketBase(folder, address string) error {
	app := newPocketBase(folder)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.POST("/convert", convert).Bind(apis.RequireSuperuserAuth())
		return e.Next()
	})
	os.Args = []string{"peers", "serve", "--http", address}
	return app.Start()
}

// convert does what a conversion does in Lobby: one transaction that finds the visitor by its anonymous id, sees that nobody has
// the address, changes the role, and adds entries to a journal and an outbox.
func convert(e *core.RequestEvent) error {
	var body struct{ Visitor, Email string }
	if err := e.BindBody(&body); err != nil {
		return err
	}
	var person *core.Record
	err := e.App.RunInTransaction(func(tx core.App) (err error) {
		if person, err = tx.FindFirstRecordByData("people", "anonymous_id", body.Visitor); err != nil {
			return err
		}
		if taken, _ := tx.FindFirstRecordByData("people", "email", body.Email); taken != nil {
			return apis.NewBadRequestError("taken", nil)
		}
		before := person.Clone()
		person.Set("role", "user")
		person.Set("email", body.Email)
		if err := tx.Save(person); err != nil {
			return err
		}
		for _, table := range []string{"journal", "outbox"} {
			collection, err := tx.FindCachedCollectionByNameOrId(table)
			if err != nil {
				return err
			}
			entry := core.NewRecord(collection)
			entry.Set("person", person.Id)
			entry.Set("topic", "contact.created")
			if table == "journal" {
				entry.Set("image", before.PublicExport())
			}
			if err := tx.Save(entry); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, person)
}

// startPocketBase fills a database of PocketBase and serves it in a process of its own.
func startPocketBase(folder string, people crowd) (*server, error) {
	token, err := fillPocketBase(folder, people)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(self, "pocketbase", folder, pocketBaseAddress)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{name: "PocketBase", url: "http://" + pocketBaseAddress, token: token, process: command, requests: pocketBaseRequests(people)}
	return s, s.await("/api/health")
}

// pocketID returns an id in PocketBase's form.
func pocketID(n int) string { return fmt.Sprintf("c%014d", n) }

// fillPocketBase makes the collections, with an index for each question, and fills that of the people. It returns a token.
func fillPocketBase(folder string, people crowd) (string, error) {
	app := newPocketBase(folder)
	if err := app.Bootstrap(); err != nil {
		return "", err
	}
	defer app.ResetBootstrapState() //nolint:errcheck // it is not needed any more
	if err := app.RunAllMigrations(); err != nil {
		return "", err
	}
	crowded := core.NewBaseCollection("people")
	for _, field := range []string{"role", "external_id", "email", "anonymous_id", "name", "plan"} {
		crowded.Fields.Add(&core.TextField{Name: field})
	}
	crowded.Fields.Add(&core.NumberField{Name: "seats"}, &core.NumberField{Name: "created_at"}, &core.AutodateField{Name: "updated", OnUpdate: true, OnCreate: true})
	crowded.AddIndex("people_email", false, "email", "")
	crowded.AddIndex("people_external_id", false, "external_id", "")
	crowded.AddIndex("people_anonymous_id", false, "anonymous_id", "")
	crowded.AddIndex("people_seats", false, "role, seats, created_at", "")
	crowded.AddIndex("people_age", false, "created_at", "")
	if err := app.Save(crowded); err != nil {
		return "", err
	}
	for _, table := range []string{"journal", "outbox"} {
		entries := core.NewBaseCollection(table)
		entries.Fields.Add(&core.TextField{Name: "person"}, &core.TextField{Name: "topic"}, &core.JSONField{Name: "image"}, &core.AutodateField{Name: "created", OnCreate: true})
		entries.AddIndex(table+"_person", false, "person", "")
		if err := app.Save(entries); err != nil {
			return "", err
		}
	}
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return "", err
	}
	operator := core.NewRecord(superusers)
	operator.SetEmail("operator@example.com")
	operator.SetPassword("a password of the peers bench")
	if err := app.Save(operator); err != nil {
		return "", err
	}
	if err := fillRows(app, people); err != nil {
		return "", err
	}
	return operator.NewStaticAuthToken(24 * time.Hour)
}

func fillRows(app core.App, people crowd) error {
	return app.RunInTransaction(func(tx core.App) error {
		insert := tx.DB().NewQuery(`INSERT INTO people (id, role, external_id, email, anonymous_id, name, plan, seats, created_at, updated)
			VALUES ({:id}, {:role}, {:external_id}, {:email}, {:anonymous_id}, {:name}, {:plan}, {:seats}, {:created_at}, '2025-06-15 00:00:00.000Z')`).Prepare()
		defer insert.Close() //nolint:errcheck // it is not needed any more
		for n := range people.contacts + people.visitors {
			row := dbx.Params{
				"id": pocketID(n), "role": "user", "external_id": fmt.Sprintf("customer %d", n), "email": email(n), "anonymous_id": "", "name": name(n),
				"plan": plan(n), "seats": seats(n), "created_at": firstSecond + n,
			}
			if n >= people.contacts {
				row["role"], row["external_id"], row["email"], row["anonymous_id"] = "visitor", "", "", anonymousID(n-people.contacts)
				row["name"], row["plan"], row["seats"] = "", "", 0
			}
			if _, err := insert.Bind(row).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

func pocketBaseRequests(people crowd) map[string]request {
	const records = "/api/collections/people/records"
	return map[string]request{
		getOne: {expected: `"email":`, of: func(int) (string, string, string) {
			return http.MethodGet, records + "/" + pocketID(people.anybody()), ""
		}},
		putOne: {expected: `"email":`, of: func(n int) (string, string, string) {
			return http.MethodPatch, records + "/" + pocketID(people.anybody()), fmt.Sprintf(`{"name":"Ada %d","plan":"plan %d"}`, n, n%9)
		}},
		convertOne: {expected: `"role":"user"`, usesUp: true, of: func(n int) (string, string, string) {
			return http.MethodPost, "/convert", fmt.Sprintf(`{"visitor":"%s","email":"new-%d@mail.example"}`, anonymousID(n), n)
		}},
		searchMany: {expected: `"totalItems":`, of: func(n int) (string, string, string) {
			filter := strings.ReplaceAll(fmt.Sprintf("role='user'%%26%%26seats>%d", moreThan+n%9), ">", "%3E")
			return http.MethodGet, records + "?perPage=50&sort=-created_at&filter=" + filter, ""
		}},
	}
}
