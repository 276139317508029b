package people

// Admin is a teammate of the workspace.
type Admin struct {
	Workspace WorkspaceID
	ID        int64 // decimal digits on the wire, unique within the workspace
	Name      string
	Email     string
	CreatedAt int64
}
