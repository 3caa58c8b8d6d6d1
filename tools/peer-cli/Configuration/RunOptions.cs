using System.CommandLine;
using Replica.PeerCli.Commands;

namespace Replica.PeerCli.Configuration;

/// <summary>The flags of a daemon, one for each setting, and the one that names the configuration file.</summary>
internal sealed class RunOptions
{
    private readonly Dictionary<Setting, Option> _flags = Settings.All.ToDictionary(static setting => setting, Create);

    private readonly Option<string?> _file = Globals.Text(
        "--config", "FILE", $"Take settings from this file; else from {SettingsFile.FileName} in the home, if it is there");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var setting in Settings.All)
        {
            command.Add(_flags[setting]);
        }

        command.Add(_file);
    }

    /// <summary>The configuration file, as a full path; null if there is none.</summary>
    public string? FileOf(ParseResult parse, string home)
    {
        if (parse.GetValue(_file) is { } named)
        {
            return Path.GetFullPath(named);
        }

        var own = Path.Combine(home, SettingsFile.FileName);
        return File.Exists(own) ? own : null;
    }

    /// <summary>The effective value of every setting.</summary>
    public IReadOnlyList<SettingValue> Read(ParseResult parse, string home) =>
        SettingsReader.Read(FileOf(parse, home), Environment.GetEnvironmentVariable, setting => FlagOf(parse, setting));

    private static Option Create(Setting setting) => setting.Kind switch
    {
        SettingKind.List => new Option<string[]>(setting.Flag) { Description = setting.Description, HelpName = setting.HelpName },
        SettingKind.Truth => new Option<bool>(setting.Flag) { Description = setting.Description },
        _ => Globals.Text(setting.Flag, setting.HelpName, setting.Description),
    };

    private string[]? FlagOf(ParseResult parse, Setting setting) => _flags[setting] switch
    {
        Option<string[]> list => parse.GetValue(list) is { Length: > 0 } texts ? texts : null,
        // A flag of a truth value says no.
        Option<bool> no => parse.GetValue(no) ? ["false"] : null,
        Option<string?> text => parse.GetValue(text) is { } one ? [one] : null,
        _ => null,
    };
}
