package config

// ParseOn is Parse on a machine of another size.
func ParseOn(processors int, memory int64, set Set, args []string, getenv func(string) string) (Config, []string, error) {
	return parse(set, args, getenv, machine{processors: processors, memory: memory})
}
