namespace Replica.Tests.Properties.House;

/// <summary>One file of the repository.</summary>
/// <param name="Name">Path from the root, with forward slashes.</param>
internal sealed record SourceFile(string Name)
{
    /// <summary>The lines; a file that ends in a line break has no empty last line.</summary>
    public string[] Lines => field ??= File.ReadAllLines(RepoRoot.Combine(Name));

    /// <summary>The folder, from the root, without a slash at the end; empty at the root.</summary>
    public string Folder => Name.LastIndexOf('/') is var cut and >= 0 ? Name[..cut] : "";

    /// <summary>True for one of the endings, each with its dot.</summary>
    public bool Is(params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (Name.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the file lies in or below one of the folders.</summary>
    public bool IsBelow(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (Name.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"path:line: what": the form an editor jumps to.</summary>
    public string At(int lineIndex, string what) => $"{Name}:{lineIndex + 1}: {what}";
}
