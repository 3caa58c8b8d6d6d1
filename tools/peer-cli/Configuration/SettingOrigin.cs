namespace Replica.PeerCli.Configuration;

/// <summary>Where a value comes from.</summary>
/// <param name="Kind"><c>default</c>, <c>file</c>, <c>environment</c> or <c>flag</c>.</param>
/// <param name="Name">The file's path, the variable or the flag; empty for a default.</param>
internal readonly record struct SettingOrigin(string Kind, string Name)
{
    /// <summary>Nobody said anything.</summary>
    public static SettingOrigin Default { get; } = new("default", "");

    /// <summary>As people read it.</summary>
    public override string ToString() => Name.Length == 0 ? Kind : $"{Kind} {Name}";
}
