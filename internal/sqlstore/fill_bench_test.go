package sqlstore

import (
	"os"
	"syscall"
	"testing"
)

// BenchmarkFill fills the index of people of the database in the folder that LOBBY_BENCH_FOLDER names.
func BenchmarkFill(b *testing.B) {
	folder := os.Getenv("LOBBY_BENCH_FOLDER")
	if folder == "" {
		b.Skip("LOBBY_BENCH_FOLDER names no folder with a database")
	}
	s, err := OpenSQLite(b.Context(), folder)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // it is only read
	cpu := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	before := cpu()
	for b.Loop() {
		if err := s.index.fill(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpu()-before)/float64(b.N), "cpu-s/op")
	texts, rest := s.index.ready.Size()
	b.ReportMetric(float64(texts), "bytes-of-texts")
	b.ReportMetric(float64(rest), "bytes-beside")
}
