namespace Replica.Tests.EndToEnd.Docs;

/// <summary>Something on a page that is more than words.</summary>
internal abstract record PagePart
{
    private PagePart()
    {
    }

    /// <summary>A fenced block.</summary>
    /// <param name="Language">What stands behind the fence.</param>
    /// <param name="First">Where its first line stands on the page, from 0.</param>
    /// <param name="Lines">Its lines.</param>
    internal sealed record Block(string Language, int First, IReadOnlyList<string> Lines) : PagePart;

    /// <summary>A file that the reader carries from one machine to another.</summary>
    internal sealed record Copy(string FromMachine, string FromFile, string ToMachine, string ToFile) : PagePart;
}
