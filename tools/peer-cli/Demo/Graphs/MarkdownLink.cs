namespace Replica.PeerCli.Demo.Graphs;

/// <summary>A link of a page.</summary>
/// <param name="Heading">The place of the heading above it in the page's list; -1 before the first.</param>
/// <param name="Text">What it shows.</param>
/// <param name="Target">Where it leads, as it is written.</param>
internal readonly record struct MarkdownLink(int Heading, string Text, string Target);
