package httpserver

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// SocketFile begins the address of a socket file.
const SocketFile = "unix:"

// Listen listens on host:port, or on unix:PATH with a file of that mode. It removes a socket file that a server left
// behind, but only if nobody listens there any more. Closing the listener removes the file.
func Listen(address string, mode fs.FileMode) (net.Listener, error) {
	path, isFile := strings.CutPrefix(address, SocketFile)
	if !isFile {
		return net.Listen("tcp", address)
	}
	l, err := listenFile(path, mode)
	if errors.Is(err, syscall.EADDRINUSE) && isLeftBehind(path) {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		l, err = listenFile(path, mode)
	}
	return l, err
}

func listenFile(path string, mode fs.FileMode) (net.Listener, error) {
	// Nobody else can connect before the file has its mode. At a start nothing else makes files.
	before := syscall.Umask(0o777)
	l, err := net.Listen("unix", path)
	syscall.Umask(before)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, mode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// isLeftBehind reports whether a path is a socket file on which nobody listens.
func isLeftBehind(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		_ = c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// firstInherited is the number of the first file that a service manager passes (sd_listen_fds(3)).
const firstInherited = 3

// adminName is the name that a service manager gives to the listener of the probes and metrics (FileDescriptorName=).
const adminName = "admin"

// Inherited returns the listeners that a service manager passed to this process by the variables LISTEN_PID, LISTEN_FDS
// and LISTEN_FDNAMES: one for everything, and one named "admin" for the probes and metrics. Both are nil without such
// variables.
func Inherited(getenv func(string) string) (main, admin net.Listener, err error) {
	count, err := strconv.Atoi(getenv("LISTEN_FDS"))
	if err != nil || count <= 0 || getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil, nil
	}
	names := strings.Split(getenv("LISTEN_FDNAMES"), ":")
	for i := range count {
		to, kind := &main, "one"
		if i < len(names) && names[i] == adminName {
			to, kind = &admin, "one named "+adminName
		}
		if *to != nil {
			return nil, nil, fmt.Errorf("the service manager passed %d sockets, and more than %s", count, kind)
		}
		// net makes a copy of the file.
		file := os.NewFile(uintptr(firstInherited+i), "socket")
		*to, err = net.FileListener(file)
		_ = file.Close()
		if err != nil {
			return nil, nil, fmt.Errorf("socket %d of the service manager is none to listen on: %w", i+1, err)
		}
	}
	if main == nil {
		return nil, nil, fmt.Errorf("the service manager passed a socket named %s only", adminName)
	}
	return main, admin, nil
}
