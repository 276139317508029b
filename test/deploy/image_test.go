//go:build unix

package deploy

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// instruction is a line of a Dockerfile, with those that it goes on in.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	for line := range strings.Lines(strings.ReplaceAll(read(t, "deploy/Dockerfile"), "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			name, rest, _ := strings.Cut(line, " ")
			all = append(all, instruction{name, strings.TrimSpace(rest)})
		}
	}
	return all
}

// last returns what the last instruction of a name says.
func last(t *testing.T, all []instruction, name string) string {
	t.Helper()
	for _, i := range slices.Backward(all) {
		if i.name == name {
			return i.rest
		}
	}
	t.Fatalf("the Dockerfile has no %s", name)
	return ""
}

// wordsOf returns the words of an instruction in its JSON form.
func wordsOf(t *testing.T, text string) (words []string) {
	t.Helper()
	for _, found := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(text, -1) {
		words = append(words, found[1])
	}
	if len(words) == 0 {
		t.Fatalf("%s is not in the JSON form, and a shell is not there", text)
	}
	return words
}

// copyContext copies what the Dockerfile copies from the repository, without what .dockerignore leaves out.
func copyContext(t *testing.T, all []instruction, to string) {
	t.Helper()
	for _, i := range all {
		sources := strings.Fields(i.rest)
		if i.name != "COPY" || strings.HasPrefix(i.rest, "--from=") {
			continue
		}
		for _, source := range sources[:len(sources)-1] {
			err := filepath.WalkDir(filepath.Join(root, source), func(path string, entry fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				relative, _ := filepath.Rel(root, path)
				switch target := filepath.Join(to, relative); {
				case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "node_modules"):
					return fs.SkipDir
				case entry.IsDir():
					return os.MkdirAll(target, 0o755)
				case strings.HasSuffix(path, "_test.go"):
					return nil
				default:
					text, err := os.ReadFile(path)
					if err != nil {
						return err
					}
					return os.WriteFile(target, text, 0o644)
				}
			})
			if err != nil {
				t.Fatalf("COPY %s: %v", source, err)
			}
		}
	}
	ignored := read(t, ".dockerignore")
	for _, line := range []string{"*\n", "!go.mod\n", "!cmd\n", "!internal\n", "!web\n", "**/testdata\n", "**/*_test.go\n", "**/node_modules\n"} {
		if !strings.Contains(ignored, line) {
			t.Errorf(".dockerignore lacks %q", line)
		}
	}
}

func TestTheProgramIsBuiltWithTheSameTagsEverywhere(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"Makefile", "deploy/Dockerfile", "scripts/release.sh", "scripts/bench-compare.sh"} {
		if !strings.Contains(read(t, file), " go build -trimpath -tags "+buildTags+" ") &&
			!strings.Contains(read(t, file), " go build -trimpath -buildvcs=false -tags "+buildTags+" ") {
			t.Errorf("%s builds without the tags %s", file, buildTags)
		}
	}
}

// maxImage is the max size of the image, in bytes: the program is nearly all of it.
const maxImage = 32 << 20

// TestTheImageIsSmallAndRunsAsNobody does by hand what Docker does with the Dockerfile, since a daemon is seldom there.
func TestTheImageIsSmallAndRunsAsNobody(t *testing.T) {
	t.Parallel()
	all := dockerfile(t)
	src, image := t.TempDir(), t.TempDir()
	copyContext(t, all, src)
	i := slices.IndexFunc(all, func(i instruction) bool { return i.name == "RUN" && strings.Contains(i.rest, "go build") })
	build := exec.Command("sh", "-c", replaced(t, all[i].rest, "/out/lobby", filepath.Join(image, "lobby")))
	build.Dir = src
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", all[i].rest, err, out)
	}
	info, err := os.Stat(filepath.Join(image, "lobby"))
	if err != nil || info.Size() > maxImage {
		t.Errorf("the program has %d bytes: %v", info.Size(), err)
	}
	if from := all[0].rest; !strings.HasPrefix(from, "golang:"+goVersion(t)+" ") {
		t.Errorf("it is built from %s, and go.mod has Go %s", from, goVersion(t))
	}
	if last(t, all, "FROM") != "scratch" || last(t, all, "USER") != "65532:65532" || last(t, all, "VOLUME") != "/data" {
		t.Error("the image is not what its comments say")
	}
	env, options := strings.Fields(last(t, all, "ENV")), reference(t)
	for _, pair := range env {
		name, _, _ := strings.Cut(pair, "=")
		isOption(t, options, name)
	}
	if syscall.Geteuid() != 0 {
		t.Skip("only root can run it without everything else")
	}
	inImage(t, all, image, env)
}

// inImage starts the program in a folder that has nothing else, as the user of the image, and asks for its health.
func inImage(t *testing.T, all []instruction, image string, env []string) {
	t.Helper()
	data := filepath.Join(image, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	const nobody = 65532
	for _, folder := range []string{image, filepath.Dir(image)} { // which nobody must be able to enter
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(data, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	inside := func(words ...string) *exec.Cmd {
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Err = nil // it is looked up in the image only
		cmd.Path, cmd.Dir = words[0], last(t, all, "WORKDIR")
		cmd.Env = append(slices.Clone(env), "LOBBY_LISTEN=:"+port)
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: image, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return cmd
	}
	program := wordsOf(t, last(t, all, "ENTRYPOINT"))
	_, check, _ := strings.Cut(last(t, all, "HEALTHCHECK"), "CMD ")
	health := wordsOf(t, check)
	if out, err := inside(health...).CombinedOutput(); err == nil {
		t.Errorf("it is healthy before it runs: %s", out)
	}
	p := run(t, inside(append(program, wordsOf(t, last(t, all, "CMD"))...)...))
	p.awaitReady(t)
	if out, err := inside(health...).CombinedOutput(); err != nil {
		t.Errorf("its health: %v %s", err, out)
	}
	if err := p.stop(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "lobby.db")); err != nil {
		t.Errorf("the data is not in the volume: %v", err)
	}
}

func goVersion(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
}

// reference returns the printed reference of the options.
func reference(t *testing.T) string {
	t.Helper()
	_, printed := lobbyDoes(t, nil, "help", "serve")
	return printed
}

// isOption fails the test if the reference has no option that is read from a variable, or from the file that it names.
func isOption(t *testing.T, reference, variable string) {
	t.Helper()
	if !strings.Contains(reference, " "+strings.TrimSuffix(variable, "_FILE")+" ") {
		t.Errorf("%s is no option", variable)
	}
}

var variables = regexp.MustCompile(`LOBBY_[A-Z_]*[A-Z]`)

func TestEveryFileOfADeploymentNamesOptionsThatAreThere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "deploy", "*"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%v, %q", err, files)
	}
	options := reference(t)
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			continue
		}
		text := read(t, filepath.Join("deploy", filepath.Base(file)))
		for _, name := range variables.FindAllString(text, -1) {
			isOption(t, options, name)
		}
		for _, flag := range regexp.MustCompile(`--(?:trusted|drain|public|data|tls)[a-z-]+`).FindAllString(text, -1) {
			if !strings.Contains(options, flag+" ") {
				t.Errorf("%s: %s is no option", file, flag)
			}
		}
	}
}

func TestTheSecretsOfTheComposeFileAreMade(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "secrets")
	compose := read(t, "deploy/compose.yaml")
	for range 2 { // the second time nothing changes
		if out, err := exec.Command(filepath.Join(root, "deploy", "secrets.sh"), folder).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	var env []string
	for _, found := range regexp.MustCompile(`(LOBBY_[A-Z_]+_FILE): /run/secrets/(\w+)`).FindAllStringSubmatch(compose, -1) {
		env = append(env, found[1]+"="+filepath.Join(folder, found[2]))
	}
	for _, name := range regexp.MustCompile(`file: secrets/(\w+)`).FindAllStringSubmatch(compose, -1) {
		if info, err := os.Stat(filepath.Join(folder, name[1])); err != nil || info.Size() < 20 {
			t.Errorf("%s: %v", name[1], err)
		}
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v", err)
	}
	if len(env) != 2 {
		t.Fatalf("the compose file has %q", env)
	}
	// Nobody has a host of that name here; what the files hold was accepted, and is not repeated.
	status, printed := lobbyDoes(t, append(env, "LOBBY_LISTEN=127.0.0.1:0"), "serve")
	password, err := os.ReadFile(filepath.Join(folder, "database_password"))
	if err != nil {
		t.Fatal(err)
	}
	if status != 2 || !strings.Contains(printed, "cannot open the database") || strings.Contains(printed, string(password)) {
		t.Errorf("%d %s", status, printed)
	}
}

// maxExposure is the max exposure by systemd's measure, of 100.
const maxExposure = "20"

func TestTheUnitIsSoundAndHardened(t *testing.T) {
	t.Parallel()
	analyze := tool(t, "systemd-analyze")
	folder := t.TempDir()
	unit := filepath.Join(folder, "lobby.service")
	write(t, unit, replaced(t, read(t, "deploy/lobby.service"), "/usr/local/bin/lobby", lobby(t)))
	write(t, filepath.Join(folder, "lobby.socket"), read(t, "deploy/lobby.socket"))
	if out, err := exec.Command(analyze, "verify", unit, filepath.Join(folder, "lobby.socket")).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("verify: %v %s", err, out)
	}
	out, err := exec.Command(analyze, "security", "--offline=yes", "--threshold="+maxExposure, unit).CombinedOutput()
	if err != nil {
		t.Errorf("security: %v %s", err, out)
	}
}
