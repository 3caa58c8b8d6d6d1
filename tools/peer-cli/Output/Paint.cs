namespace Replica.PeerCli.Output;

/// <summary>Colours, where a person's screen shows them; elsewhere the text as it is.</summary>
/// <param name="IsOn">Whether there are colours; the default is a paint without.</param>
internal readonly record struct Paint(bool IsOn)
{
    /// <summary>What a line is about.</summary>
    public string Name(string text) => Wrap("36", text);

    /// <summary>What may be passed over.</summary>
    public string Faint(string text) => Wrap("2", text);

    /// <summary>A heading.</summary>
    public string Head(string text) => Wrap("1", text);

    /// <summary>What is as it should be.</summary>
    public string Good(string text) => Wrap("32", text);

    /// <summary>What is under way, or may want a look.</summary>
    public string Warn(string text) => Wrap("33", text);

    /// <summary>What is wrong.</summary>
    public string Bad(string text) => Wrap("31", text);

    // Colours of the terminal's own palette, so that they suit a light and a dark one.
    private string Wrap(string code, string text) => IsOn && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
