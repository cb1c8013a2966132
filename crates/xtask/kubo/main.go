// Package main is Kubo, built from its own module at the version pinned in go.mod:
// `go install` refuses that module because of its version list.
package main

import (
	"os"

	"github.com/ipfs/kubo/cmd/ipfs/kubo"
)

func main() {
	os.Exit(kubo.Start(kubo.BuildDefaultEnv))
}
