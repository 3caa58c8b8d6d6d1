namespace Replica.PeerCli.Import;

/// <summary>One cell of a CSV row.</summary>
/// <param name="Text">What it holds, quotes and escapes resolved.</param>
/// <param name="Quoted">Whether it stood in quotes: it is a text then, whatever it looks like.</param>
internal readonly record struct CsvCell(string Text, bool Quoted);
