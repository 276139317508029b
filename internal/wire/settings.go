package wire

import (
	"strconv"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// Settings are the settings of a workspace, each as a JSON value of the setting's kind. The public API has no such object.
type Settings struct{ Workspace *workspace.Workspace }

// AppendJSON appends the settings in the order of [workspace.Settings].
func (s Settings) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "settings")
	o.Text("app_id", string(s.Workspace.ID))
	for _, setting := range workspace.Settings {
		switch setting.Kind {
		case workspace.FlagSetting:
			o.Bool(setting.Name, setting.On(s.Workspace))
		case workspace.NumberSetting:
			o.Int(setting.Name, setting.Number(s.Workspace))
		case workspace.ListSetting:
			o.Texts(setting.Name, setting.List(s.Workspace))
		default:
			o.Text(setting.Name, setting.Of(s.Workspace))
		}
	}
	return o.End()
}

// settingMembers are the JSON types of settings by kind.
var settingMembers = map[workspace.SettingKind]jsonio.MemberKind{
	workspace.TextSetting: jsonio.TextMember, workspace.FlagSetting: jsonio.BoolMember, workspace.NumberSetting: jsonio.IntMember, workspace.ListSetting: jsonio.TextsMember,
}

// ReadSettings returns the settings in a request, as texts by name. A null stands for the default. An unknown member is an
// error, because the caller would otherwise believe that a misspelled setting was saved.
func ReadSettings(o *jsonio.Object) map[string]string {
	for _, s := range workspace.Settings {
		o.Record(s.Name, settingMembers[s.Kind])
	}
	values := map[string]string{}
	for _, name := range o.Names() {
		s := workspace.FindSetting(name)
		if s == nil {
			o.Fail(name, jsonio.CodeValue, "is no setting")
			return nil
		}
		switch s.Kind {
		case workspace.FlagSetting:
			values[name] = map[bool]string{true: "on", false: "off"}[o.Bool(name).Or(s.Default == "on")]
		case workspace.NumberSetting:
			values[name] = ""
			if n, given := o.Int(name).Value(); given {
				values[name] = strconv.FormatInt(n, 10)
			}
		case workspace.ListSetting:
			all := o.Texts(name).Or(nil)
			for at, value := range all {
				if strings.Contains(value, ",") {
					o.Fail(name+"."+strconv.Itoa(at), jsonio.CodeValue, "must not have a comma")
				}
			}
			values[name] = strings.Join(all, ",")
		default:
			values[name] = o.Text(name).Or("")
		}
	}
	return values
}

func settingsSamples(apiversion.Version) []Shape {
	ws := &workspace.Workspace{Settings: map[string]string{}}
	for _, s := range workspace.Settings {
		if s.Kind == workspace.ListSetting {
			ws.Settings[s.Name] = "*"
		}
	}
	return []Shape{Settings{ws}, Settings{new(workspace.Workspace)}}
}
