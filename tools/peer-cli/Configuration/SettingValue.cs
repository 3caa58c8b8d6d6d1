namespace Replica.PeerCli.Configuration;

/// <summary>What holds for one setting.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Texts">Its value: none if it is not set, one, or for a list any number.</param>
/// <param name="Origin">Where the value comes from.</param>
internal sealed record SettingValue(Setting Setting, IReadOnlyList<string> Texts, SettingOrigin Origin)
{
    private const string Mask = "(hidden)";

    /// <summary>The one text; null if it is not set.</summary>
    public string? Text => Texts.Count == 0 ? null : Texts[0];

    /// <summary>The texts as anybody may see them.</summary>
    public IEnumerable<string> Shown => Setting.IsSecret ? Texts.Select(static _ => Mask) : Texts;
}
