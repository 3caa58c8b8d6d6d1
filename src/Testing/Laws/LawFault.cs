namespace Replica.Testing.Laws;

/// <summary>A law that a history shows to be broken.</summary>
/// <param name="Law">The law.</param>
/// <param name="Detail">What was found, and what instead.</param>
internal sealed record LawFault(string Law, string Detail)
{
    public const string SameInEveryOrder = "every legal order of arrival gives the same state";
    public const string SameAsModel = "the state is what the slow model makes of the operations";
    public const string StateReadsBack = "a state reads back from its bytes, and has one form";
    public const string OperationReadsBack = "an operation reads back from its bytes, and has one form";
    public const string MergeCommutes = "merging two states gives the same both ways round";
    public const string MergeAssociates = "merging three states gives the same however they are paired";
    public const string MergeRepeats = "merging a state again changes nothing";
    public const string DeltaIsState = "merging states gives what applying their operations gives";
    public const string NothingThrows = "what a replica may do can be applied";
}
