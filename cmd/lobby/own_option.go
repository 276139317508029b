package main

import "strings"

// ownOption is an option of one command or verb. It has no environment variable, unlike those of package config.
type ownOption struct {
	name  string // with its dashes
	value string // what it takes, as "APP_ID"; empty for one that takes nothing
	// many lets it be given several times; its values are then lines.
	many bool
}

// cutOwn takes the options of a command out of the arguments, and returns their values; "" for one that takes none.
func cutOwn(args []string, options []ownOption) (rest []string, given map[string]string, err error) {
	given = map[string]string{}
	for i := 0; i < len(args); i++ {
		name, value, assigned := strings.Cut(args[i], "=")
		option := ownOptionNamed(options, name)
		switch {
		case args[i] == "--":
			return append(rest, args[i:]...), given, nil
		case option == nil:
			rest = append(rest, args[i])
			continue
		case option.value == "" && assigned:
			return nil, nil, usage("%s takes no value", name)
		case option.value != "" && !assigned:
			if i++; i == len(args) {
				return nil, nil, usage("%s needs %s", name, option.value)
			}
			value = args[i]
		}
		if option.value != "" && value == "" {
			return nil, nil, usage("%s needs %s", name, option.value)
		}
		before, twice := given[option.name]
		if twice && !option.many {
			return nil, nil, usage("%s is given twice", name)
		}
		if twice {
			value = before + "\n" + value
		}
		given[option.name] = value
	}
	return rest, given, nil
}

// ownOptionNamed returns the option that a word names, with one dash or two; nil for none.
func ownOptionNamed(options []ownOption, word string) *ownOption {
	for i := range options {
		if word == options[i].name || word == options[i].name[1:] {
			return &options[i]
		}
	}
	return nil
}

// has reports whether an option of the command's own was given.
func (p *program) has(name string) bool {
	_, is := p.given[name]
	return is
}
