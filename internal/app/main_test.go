package app_test

import (
	"os"
	"testing"

	"lobby/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
