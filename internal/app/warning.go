package app

import (
	"context"
	"fmt"

	"lobby/internal/datafolder"
	"lobby/internal/workspace"
)

// warn logs, once at a start, what the operator may not know and would want to.
func (a *App) warn(ctx context.Context) {
	log := a.options.Log
	if a.options.Admin == nil {
		log.Info("the metrics and probes are on the public listener; --admin-listen takes them off it")
	}
	if !a.Inbox.SendsMail {
		log.Info("there is no --smtp: messages by email are stored and not sent")
	}
	if folder := a.options.Config.Data; folder != "" && datafolder.OthersMayRead(folder) {
		log.Warn("the folder of the database is open to other accounts: take their rights away, as chmod 700 does", "data", folder)
	}
	all, err := a.Lobby.Workspaces(ctx)
	if err != nil {
		a.failed(ctx, "count", err)
		return
	}
	for _, ws := range all {
		for _, s := range workspace.Weakened(ws) {
			log.Warn(fmt.Sprintf("%s is %s: pages and apps may name users without a proof", s.Name, s.Of(ws)), "workspace", ws.ID)
		}
	}
}
