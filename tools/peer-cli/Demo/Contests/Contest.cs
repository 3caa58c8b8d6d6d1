namespace Replica.PeerCli.Demo.Contests;

/// <summary>Edits of several peers that do not see each other, and what must become of them.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Edits">Who does what, all at the same time.</param>
/// <param name="Judge">Looks at the graph on which all peers have agreed, and says how it came out.</param>
internal sealed record Contest(string Title, IReadOnlyList<Edit> Edits, Func<Aftermath, CancellationToken, Task<Ruling>> Judge);
