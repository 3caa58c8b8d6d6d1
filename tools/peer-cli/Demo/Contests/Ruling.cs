namespace Replica.PeerCli.Demo.Contests;

/// <summary>How a contest came out.</summary>
/// <param name="Shows">What the graph shows now.</param>
/// <param name="Winner">Whose edit shows.</param>
/// <param name="Loser">Whose does not; empty if all do.</param>
/// <param name="Rule">Why, in one phrase.</param>
/// <param name="Holds">Whether this is what the merge rules promise.</param>
internal sealed record Ruling(string Shows, string Winner, string Loser, string Rule, bool Holds);
