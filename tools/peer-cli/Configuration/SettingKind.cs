namespace Replica.PeerCli.Configuration;

/// <summary>How a setting is written in JSON.</summary>
internal enum SettingKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>An array of texts; in the environment with commas between, as a flag given again.</summary>
    List,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A whole number.</summary>
    Count,
}
