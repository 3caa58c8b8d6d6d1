namespace Replica.Bench;

/// <summary>What a row found, in the order in which its contenders are listed.</summary>
/// <param name="Row">Name of the row.</param>
/// <param name="Title">What was done.</param>
/// <param name="Units">Units of work in a run.</param>
/// <param name="Contenders">One for each contender; the first is the base of the ratios.</param>
internal sealed record Result(string Row, string Title, long Units, IReadOnlyList<ContenderResult> Contenders);
