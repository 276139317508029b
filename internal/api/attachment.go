package api

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// attachmentsIn reads the files of a message: those that are sent with it or, without any, the addresses of files that lie
// elsewhere, which are never fetched.
func attachmentsIn(in *jsonio.Object) (all []*inbox.Attachment) {
	files, addresses := in.Objects("attachment_files").Or(nil), in.Texts("attachment_urls").Or(nil)
	for _, file := range files {
		all = append(all, uploadIn(file))
	}
	if len(files) > 0 {
		return all
	}
	for i, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
			in.Fail(fmt.Sprintf("attachment_urls.%d", i), "parameter_invalid", "must be an http or https URL")
			continue
		}
		name := fileName(path.Base(parsed.Path))
		all = append(all, &inbox.Attachment{Name: name, URL: parsed.String(), ContentType: typeOfFile(name)})
	}
	return all
}

// uploadIn reads a file that is sent as base64.
func uploadIn(file *jsonio.Object) *inbox.Attachment {
	data, kind := file.Text("data").Or(""), file.Text("content_type").Or("")
	content, err := base64.StdEncoding.DecodeString(strings.TrimSpace(data))
	if err != nil || len(content) == 0 {
		file.Fail("data", "parameter_invalid", "must be a file in base64")
	}
	name := fileName(file.Text("name").Or(""))
	if media, _, err := mime.ParseMediaType(kind); err == nil {
		kind = media
	} else {
		kind = typeOfFile(name)
	}
	return &inbox.Attachment{
		Name: name, ContentType: kind, Size: int64(len(content)), Content: base64.StdEncoding.EncodeToString(content),
	}
}

// maxFileName is the max length of a file's name in characters.
const maxFileName = 100

// fileName returns the last segment of a name without control characters, or "file".
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if letters := []rune(name); len(letters) > maxFileName {
		name = string(letters[len(letters)-maxFileName:]) // the end says of which type it is
	}
	if strings.Trim(name, ". ") == "" {
		return "file"
	}
	return name
}

// fileTypes are the types of files by the ends of their names. The system's own table differs between machines.
var fileTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".json": "application/json", ".zip": "application/zip",
	".mp4": "video/mp4", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".doc": "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// anyType is the type of a file of which nothing is known, and of each that a browser must not open.
const anyType = "application/octet-stream"

func typeOfFile(name string) string {
	if kind, known := fileTypes[strings.ToLower(path.Ext(name))]; known {
		return kind
	}
	return anyType
}

// uploadPath is below which uploads are served, to everybody who knows their secret.
const uploadPath = "/uploads/"

// pictures are the types of files that a browser may show; it only saves all others.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// serveUpload serves a request for an upload. It reports whether the request was one.
func (a *API) serveUpload(c *call) bool {
	rest, is := strings.CutPrefix(c.r.URL.Path, uploadPath)
	if !is {
		return false
	}
	c.r.Pattern = uploadPath + "{workspace}/{id}/{name}" // for the access log, which must not hold the secret
	err := errMethod
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		ws, id, _ := strings.Cut(rest, "/")
		id, _, _ = strings.Cut(id, "/")
		err = a.writeUpload(c, workspace.ID(ws), id)
	} else {
		c.w.Header().Set("Allow", "GET, HEAD")
	}
	if err != nil {
		c.write(a.refuse(c, err))
	}
	return true
}

// writeUpload writes a file so that no browser takes it for a page of this server, whatever it holds.
func (a *API) writeUpload(c *call, ws workspace.ID, id string) error {
	if !workspace.IsText(string(ws)) || !workspace.IsText(id) {
		return inbox.ErrUploadNotFound
	}
	file, err := a.inbox.FindUpload(c.r.Context(), ws, id)
	if err != nil {
		return err
	}
	content, err := base64.StdEncoding.DecodeString(file.Content)
	if err != nil {
		return err
	}
	kind, disposition := anyType, "attachment"
	if slices.Contains(pictures, file.ContentType) {
		kind, disposition = file.ContentType, "inline"
	}
	header := c.w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": file.Name}))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Cache-Control", "private, max-age=300")
	c.w.Write(content) //nolint:errcheck // the client is gone; there is nobody to tell
	return nil
}
