using System.Text;

namespace Replica.PeerCli.Configuration;

/// <summary>One thing that can be set of a daemon: in the configuration file, in the environment, and by a flag.</summary>
/// <param name="Key">Its place in the file, the names joined by dots.</param>
/// <param name="Flag">Its flag.</param>
/// <param name="Kind">How it is written in JSON.</param>
/// <param name="HelpName">What stands behind the flag in the help.</param>
/// <param name="Description">What it does, for the help.</param>
/// <param name="Allowed">What its value may be, in words.</param>
/// <param name="IsAllowed">Whether a text is such a value; of a list, each of its texts.</param>
internal sealed record Setting(
    string Key, string Flag, SettingKind Kind, string HelpName, string Description, string Allowed, Func<string, bool> IsAllowed)
{
    /// <summary>What holds when nobody says anything; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Whether its value is shown to nobody.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Its variable in the environment: <c>log.level</c> is <c>REPLICA_LOG_LEVEL</c>.</summary>
    public string Variable
    {
        get
        {
            var name = new StringBuilder("REPLICA_");
            foreach (var c in Key)
            {
                _ = c == '.' ? name.Append('_') : char.IsAsciiLetterUpper(c) ? name.Append('_').Append(c) : name.Append(char.ToUpperInvariant(c));
            }

            return name.ToString();
        }
    }
}
