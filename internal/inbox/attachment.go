package inbox

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// ErrUploadNotFound says that there is no such file.
var ErrUploadNotFound = errors.New("no such file")

// Attachment is a file of a message or a part: one that lies elsewhere, or one that was uploaded.
type Attachment struct {
	// ID is a secret: whoever knows it may read the file.
	ID   string
	Name string
	// URL is where a file lies that was not uploaded; "" for an upload.
	URL         string
	ContentType string
	Size        int64 // bytes; 0 when the file lies elsewhere
	// Content is the file in base64. Only [Reader.Upload] and a request set it.
	Content string
}

// MaxAttachments is how many attachments a message or a part may have.
const MaxAttachments = 10

// secretLength is the length of an attachment's id in characters, each worth five bits.
const secretLength = 40

// named returns copies of attachments with ids of their own.
func (in *Inbox) named(all []*Attachment) []*Attachment {
	named := make([]*Attachment, len(all))
	for i, a := range all {
		one := *a
		one.ID = in.Secret(secretLength)
		named[i] = &one
	}
	return named
}

// insertAttachments writes attachments of a message or a part, which have ids, and forgets what is in them.
func insertAttachments(w Writer, ws workspace.ID, messageID, partID int64, all []*Attachment) error {
	for i, a := range all {
		if err := w.InsertAttachment(ws, messageID, partID, i+1, a); err != nil {
			return err
		}
		a.Content = ""
	}
	return nil
}

// checkAttachments refuses too many attachments, and uploads that are too large together.
func checkAttachments(c workspace.Caller, all []*Attachment) error {
	if len(all) > MaxAttachments {
		return workspace.Invalid("attachments", "are more than 10")
	}
	size := int64(0)
	for _, a := range all {
		size += a.Size
	}
	if size > c.UploadLimit {
		return workspace.Invalid("attachment_files", "are larger than the workspace allows")
	}
	return nil
}

// FindUpload returns a file that was uploaded. Errors: ErrUploadNotFound.
func (in *Inbox) FindUpload(ctx context.Context, ws workspace.ID, id string) (*Attachment, error) {
	return read(ctx, in, func(r Reader) (*Attachment, error) {
		found, err := r.Upload(ws, id)
		if err == nil && found == nil {
			err = ErrUploadNotFound
		}
		return found, err
	})
}
