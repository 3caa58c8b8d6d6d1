namespace Replica.PeerCli.Demo.Graphs;

/// <summary>A heading of a page.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Text">What it says, as it is written.</param>
/// <param name="Slug">Its name in links, once on a page.</param>
/// <param name="Line">Where it stands, counted from 1.</param>
internal sealed record MarkdownHeading(int Level, string Text, string Slug, int Line);
