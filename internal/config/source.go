package config

import (
	"errors"
	"os"
	"strconv"
	"strings"
)

// given is an option as the operator wrote it.
type given struct {
	text string
	name string // of the flag or the variable; empty where the default stands
	// isFile says that the text was read from a file that the variable names.
	isFile bool
}

// fromFile ends the name of a variable that names a file with the value, such as a secret that the supervisor mounts.
const fromFile = "_FILE"

// maxFile is the max length of such a file, in bytes. No value is nearly as long.
const maxFile = 64 << 10

// given returns how the operator wrote an option. An error names the variable and never holds a value.
func (o option) given(flags map[string]string, getenv func(string) string) (given, error) {
	text, file := getenv(o.env), getenv(o.env+fromFile)
	if text != "" && file != "" {
		return given{}, errors.New(o.env + " and " + o.env + fromFile + ": the value is given twice, drop one")
	}
	if text, ok := flags[o.flag]; ok {
		return given{text: text, name: "--" + o.flag}, nil
	}
	switch {
	case text != "":
		return given{text: text, name: o.env}, nil
	case file == "":
		return given{}, nil
	}
	g := given{name: o.env + fromFile, isFile: true}
	content, err := readFile(file)
	if err != nil {
		return given{}, errors.New(g.name + ": " + err.Error())
	}
	if g.text = content; g.text == "" {
		return given{}, errors.New(g.name + ": the file is empty")
	}
	return g, nil
}

// readFile returns the content of a file without the line end behind it. The error does not hold the name: someone may
// have put the value where the name of its file belongs.
func readFile(name string) (string, error) {
	content, err := os.ReadFile(name)
	var failed *os.PathError
	switch {
	case errors.As(err, &failed):
		return "", errors.New("cannot read the file: " + failed.Err.Error())
	case err != nil:
		return "", errors.New("cannot read the file")
	case len(content) > maxFile:
		return "", errors.New("the file is too long for a value")
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), nil
}

// mistake is an error in the text of an option. What stood in a file is not repeated: files are for secrets.
func (g given) mistake(err error) error {
	text := err.Error()
	if g.isFile {
		text = strings.ReplaceAll(text, strconv.Quote(g.text), "what it holds")
	}
	return errors.New(g.name + ": " + text)
}
