package main

import (
	"io"
	"text/template"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// welcome is what a start prints: all that is needed to try the server by hand.
type welcome struct {
	address string
	// curl is how the command begins that asks the server.
	curl      string
	workspace *workspace.Workspace
	// created is set on the very first start, which alone knows the token.
	created  *workspace.Created
	hasPages bool
	// setup is the secret of the link that sets the server up; empty where somebody can sign in already.
	setup string
	// newToken is the command that makes another token.
	newToken string
	// visitor is one to try things with; nil when there is none.
	visitor *people.Person
}

var welcomeText = template.Must(template.New("welcome").Parse(`
  url              {{.Address}}
  app id           {{.App}}
{{- if .Fresh}}
  access token     {{.Token}}   (shown only this once)
  identity secret  {{.Secret}}
{{- else}}
  new token        {{.NewToken}}
{{- end}}
{{- if .Setup}}
  set up           {{.Address}}/pages/setup?token={{.Setup}}   (works once, within an hour)
{{- else if .HasPages}}
  pages            {{.Address}}/pages/
{{- end}}
  demo page        {{.Demo}}
  the API          {{.Address}}/docs

On your site, before </body>:
  <script>window.intercomSettings = {app_id: "{{.App}}"};</script>
  <script async src="{{.Address}}/widget/{{.App}}"></script>

Try it{{if not .Fresh}}, with your token in $TOKEN and a visitor's user_id in $VISITOR{{end}}:
{{- if .Seed}}
  {{.Curl}} -H "Authorization: Bearer {{.Token}}" -H "Content-Type: application/json" {{.Address}}/lobby/v1/visitors -d '{"user_id":"{{.Visitor}}"}'
{{- end}}
  {{.Curl}} -H "Authorization: Bearer {{.Token}}" "{{.Address}}/visitors?user_id={{.Visitor}}"
  {{.Curl}} -H "Authorization: Bearer {{.Token}}" -H "Content-Type: application/json" -X PUT {{.Address}}/visitors -d '{"user_id":"{{.Quoted}}","name":"Gareth Bale"}'
  {{.Curl}} -H "Authorization: Bearer {{.Token}}" -H "Content-Type: application/json" {{.Address}}/visitors/convert -d '{"visitor":{"user_id":"{{.Quoted}}"},"user":{"email":"foo@bar.com"},"type":"user"}'

`))

func (w welcome) print(out io.Writer) {
	view := struct {
		Address, Curl, App, Token, Secret, Demo, Visitor, NewToken string
		Quoted                                                     string // the visitor within single quotes of the shell
		Setup                                                      string
		Fresh, Seed, HasPages                                      bool
	}{HasPages: w.hasPages, Setup: w.setup, Address: w.address, Curl: w.curl, App: string(w.workspace.ID), Token: "$TOKEN", Visitor: "$VISITOR", Quoted: `'"$VISITOR"'`, Demo: w.address + "/demo", NewToken: w.newToken}
	if w.created != nil {
		view.Fresh, view.Seed = true, w.visitor == nil
		view.Token, view.Secret = w.created.Token.Secret, w.created.Workspace.IdentitySecrets[0].Secret
		view.Visitor = "7f3c1b52-0c4e-4d0a-9d3e-5a1f2b6c8d90"
		if w.visitor != nil {
			view.Visitor = w.visitor.AnonymousID
		}
		view.Quoted = view.Visitor
		view.Demo += "#token=" + view.Token + "&visitor=" + view.Visitor
	}
	// Nothing can be done when nobody reads what is printed.
	welcomeText.Execute(out, view) //nolint:errcheck
}
