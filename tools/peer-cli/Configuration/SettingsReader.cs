using Replica.Peer.Host;

namespace Replica.PeerCli.Configuration;

/// <summary>Puts together what holds: a flag goes before the environment, that before the file, that before the default.</summary>
internal static class SettingsReader
{
    /// <summary>The effective value of every setting, in the order of <see cref="Settings.All"/>.</summary>
    /// <param name="file">The configuration file; null for none.</param>
    /// <param name="variable">Reads a variable of the environment; null if it is not set.</param>
    /// <param name="flag">What the flag of a setting says; null if it is not given.</param>
    /// <exception cref="ReplicaException">The file or a variable says something that is not allowed.</exception>
    /// <exception cref="UsageException">A flag does.</exception>
    public static IReadOnlyList<SettingValue> Read(string? file, Func<string, string?> variable, Func<Setting, IReadOnlyList<string>?> flag)
    {
        var filed = file is null ? [] : SettingsFile.Read(file);
        return [.. Settings.All.Select(setting =>
            OfFlag(setting, flag(setting)) ?? OfVariable(setting, variable(setting.Variable)) ?? filed.GetValueOrDefault(setting) ?? OfDefault(setting))];
    }

    private static SettingValue? OfFlag(Setting setting, IReadOnlyList<string>? texts)
    {
        if (texts is null)
        {
            return null;
        }

        return texts.FirstOrDefault(text => !setting.IsAllowed(text)) is { } bad
            ? throw new UsageException($"{setting.Flag} '{bad}': allowed is {setting.Allowed}.")
            : new(setting, texts, new("flag", setting.Flag));
    }

    private static SettingValue? OfVariable(Setting setting, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        string[] texts = setting.Kind == SettingKind.List
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [text];
        if (texts.FirstOrDefault(one => !setting.IsAllowed(one)) is { } bad)
        {
            throw new ReplicaException(
                "REPLICA_CONFIG_INVALID", $"The environment variable {setting.Variable} ('{setting.Key}') is "
                    + $"{(setting.IsSecret ? "not well formed" : $"'{bad}'")}; allowed: {setting.Allowed}.");
        }

        return new(setting, texts, new("environment", setting.Variable));
    }

    private static SettingValue OfDefault(Setting setting) =>
        new(setting, setting.Default is { } text ? [text] : [], SettingOrigin.Default);
}
