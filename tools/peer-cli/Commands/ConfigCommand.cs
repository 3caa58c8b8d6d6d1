using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Replica.PeerCli.Configuration;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>config show</c>: what a daemon would do, and who said so.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var show = new Command("show", "Show each setting of 'run' with its effective value and where that comes from");
        var options = new RunOptions();
        options.AddTo(show);
        show.SetAction(parse =>
        {
            var home = globals.Directory(parse, mayBeNew: false);
            var (file, values) = (options.FileOf(parse, home), options.Read(parse, home));
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(Json(file, values));
                return;
            }

            globals.Terminal.Line($"file            {SafeText.Of(file ?? Path.Combine(home, SettingsFile.FileName) + " (is not there)")}");
            var width = values.Max(static value => Shown(value).Length);
            foreach (var value in values)
            {
                globals.Terminal.Line($"{value.Setting.Key,-15} {Shown(value).PadRight(width)}  {SafeText.Of(value.Origin.ToString())}");
            }
        });
        return new Command("config", "Look at the settings of the daemon") { show };
    }

    private static string Shown(SettingValue value) => value.Texts.Count == 0 ? "-" : SafeText.Of(string.Join(", ", value.Shown));

    private static string Json(string? file, IReadOnlyList<SettingValue> values)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteStartArray("settings");
            foreach (var value in values)
            {
                json.WriteStartObject();
                json.WriteString("key", value.Setting.Key);
                WriteValue(json, value);
                json.WriteString("source", value.Origin.Kind);
                json.WriteString("from", value.Origin.Name.Length == 0 ? null : value.Origin.Name);
                json.WriteString("variable", value.Setting.Variable);
                json.WriteString("flag", value.Setting.Flag);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, SettingValue value)
    {
        json.WritePropertyName("value");
        switch (value.Setting.Kind)
        {
            case SettingKind.List:
                json.WriteStartArray();
                foreach (var text in value.Shown)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case SettingKind.Truth or SettingKind.Count when value.Text is { } literal:
                json.WriteRawValue(literal);
                break;
            default:
                json.WriteStringValue(value.Shown.FirstOrDefault());
                break;
        }
    }
}
