namespace Replica.PeerCli.Output;

/// <summary>A cell of a table on a screen.</summary>
/// <param name="Text">What stands in it, already harmless.</param>
/// <param name="Tone">How it is painted; as it is if not given.</param>
internal readonly record struct Cell(string Text, Func<Paint, string, string>? Tone = null)
{
    /// <summary>What a line is about.</summary>
    public static Cell Name(string text) => new(text, static (paint, it) => paint.Name(it));

    /// <summary>What may be passed over.</summary>
    public static Cell Faint(string text) => new(text, static (paint, it) => paint.Faint(it));

    /// <summary>A cell as it is.</summary>
    public static implicit operator Cell(string text) => new(text);
}
