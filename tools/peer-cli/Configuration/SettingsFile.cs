using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Commands;

namespace Replica.PeerCli.Configuration;

/// <summary>Reads a configuration file: one JSON object, comments and trailing commas allowed, nothing else that is not known.</summary>
internal static class SettingsFile
{
    /// <summary>Its name in the home.</summary>
    public const string FileName = "replica.json";

    private const string Unreadable = "REPLICA_CONFIG_UNREADABLE";
    private const string Unknown = "REPLICA_CONFIG_UNKNOWN";
    private const string Invalid = "REPLICA_CONFIG_INVALID";
    private const string Exposed = "REPLICA_CONFIG_EXPOSED";
    private const int BytesMax = 64 * 1024;
    private const int DepthMax = 8;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The values that the file gives.</summary>
    /// <param name="path">The file's full path.</param>
    /// <exception cref="ReplicaException">It can't be read, is no JSON, names something unknown, or a value is not allowed.</exception>
    public static Dictionary<Setting, SettingValue> Read(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                MaxDepth = DepthMax,
            });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ReplicaException(Invalid, $"{path}: the file must be one JSON object {{…}}, such as {{\"listen\": [\"tcp://0.0.0.0:7400\"]}}.");
            }

            var values = new Dictionary<Setting, SettingValue>();
            Take(document.RootElement, "", path, values);
            return values;
        }
        catch (JsonException fault)
        {
            throw new ReplicaException(
                Invalid, $"{path}, line {(fault.LineNumber ?? 0) + 1}: this is no JSON: {fault.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}", fault);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { BufferSize = 0 });
            if (file.Length > BytesMax)
            {
                throw new ReplicaException(Unreadable, $"{path} has {file.Length} bytes; a configuration file has at most {BytesMax}.");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ReplicaException(
                Unreadable, $"The configuration file {path} can't be read: {fault.Message} Look at the path and its rights.", fault);
        }
    }

    private static void Take(JsonElement part, string prefix, string path, Dictionary<Setting, SettingValue> values)
    {
        foreach (var property in part.EnumerateObject())
        {
            var key = prefix + property.Name;
            if (Settings.All.FirstOrDefault(one => one.Key == key) is { } setting)
            {
                var texts = Texts(setting, property.Value, path);
                if (!values.TryAdd(setting, new(setting, texts, new("file", path))))
                {
                    throw new ReplicaException(Invalid, $"{path}: '{key}' stands twice: leave one of the two.");
                }

                CheckSecret(setting, texts, path);
            }
            else if (property.Value.ValueKind == JsonValueKind.Object && Settings.All.Any(one => one.Key.StartsWith(key + ".", StringComparison.Ordinal)))
            {
                Take(property.Value, key + ".", path, values);
            }
            else
            {
                throw NoSuchKey(key, path);
            }
        }
    }

    private static IReadOnlyList<string> Texts(Setting setting, JsonElement value, string path)
    {
        IReadOnlyList<string>? texts = (setting.Kind, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => [],
            (SettingKind.Text, JsonValueKind.String) => [value.GetString()!],
            (SettingKind.Truth, JsonValueKind.True or JsonValueKind.False) => [value.GetRawText()],
            (SettingKind.Count, JsonValueKind.Number) => [value.GetRawText()],
            (SettingKind.List, JsonValueKind.Array) when value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) =>
                [.. value.EnumerateArray().Select(static item => item.GetString()!)],
            _ => null,
        };
        if (texts is null)
        {
            var due = setting.Kind switch
            {
                SettingKind.Text => "a text in quotes",
                SettingKind.List => "an array of texts",
                SettingKind.Truth => "true or false",
                _ => "a whole number",
            };
            throw new ReplicaException(
                Invalid, $"{path}: '{setting.Key}' must be {due} ({setting.Allowed}), not {value.ValueKind.ToString().ToLowerInvariant()}.");
        }

        foreach (var (i, text) in texts.Index())
        {
            if (!setting.IsAllowed(text))
            {
                var place = setting.Kind == SettingKind.List ? $"{setting.Key}[{i}]" : setting.Key;
                throw new ReplicaException(Invalid, $"{path}: '{place}' is {Shown(setting, text)}; allowed: {setting.Allowed}.");
            }
        }

        return texts;
    }

    private static string Shown(Setting setting, string text) => setting.IsSecret ? "not well formed" : $"'{text}'";

    private static void CheckSecret(Setting setting, IReadOnlyList<string> texts, string path)
    {
        if (setting.IsSecret && texts.Count > 0 && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            throw new ReplicaException(
                Exposed, $"{path} holds '{setting.Key}', which is secret, and others than its owner have rights on it: run chmod 600 '{path}', "
                    + $"or set {setting.Variable} instead.");
        }
    }

    private static ReplicaException NoSuchKey(string key, string path)
    {
        var near = Mistakes.Nearest(key, Settings.All.SelectMany(static one => (string[])[one.Key, one.Key.Split('.')[0]]).Distinct());
        return new(Unknown, $"{path}: there is no setting '{key}'.{(near is null ? "" : $" Did you mean '{near}'?")} "
            + $"There are: {string.Join(", ", Settings.All.Select(static one => one.Key))}.");
    }
}
