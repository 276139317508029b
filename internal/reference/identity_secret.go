package reference

var identitySecrets = Chapter{
	Name:  "Identity secrets",
	About: "An identity secret is the key by which a site proves who its users are. All secrets of a platform are valid at the same time, so that one can replace another without a gap.",
	Operations: []Operation{
		{Route: "GET /lobby/v1/identity_secrets", Summary: "List identity secrets", About: "Oldest first. Of each secret only the last four characters are shown."},
		{
			Route: "POST /lobby/v1/identity_secrets", Summary: "Create an identity secret",
			Descriptions: Descriptions{"platform": "web|ios|android: where the secret is valid; by default web.", "secret": "The secret itself; by default generated."},
		},
		{Route: "DELETE /lobby/v1/identity_secrets/{id}", Summary: "Delete an identity secret", About: "Returns the secrets that are left."},
	},
	Descriptions: Descriptions{
		"identity_secret":          "A key by which a site proves who its users are.",
		"identity_secret.platform": "web|ios|android: where the secret is valid.",
		"identity_secret.secret":   "The secret itself when it is created, and from then on its last four characters.",
		"identity_secret_list":     "All identity secrets of a workspace.",
		"data":                     "The secrets.",
	},
	Examples: []Example{
		{Caption: "For iOS apps", Do: "POST /lobby/v1/identity_secrets", Body: `{"platform":"ios"}`, As: "secret"},
		{Caption: "There is no such platform", Do: "POST /lobby/v1/identity_secrets", Body: `{"platform":"fridge"}`, Refused: "parameter_invalid"},
		{Caption: "All of a workspace", Do: "GET /lobby/v1/identity_secrets"},
		{Caption: "One that is no more", Do: "DELETE /lobby/v1/identity_secrets/{secret}"},
	},
}
