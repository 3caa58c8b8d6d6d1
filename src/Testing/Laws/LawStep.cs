namespace Replica.Testing.Laws;

/// <summary>One step of a history. The set of kinds is closed.</summary>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
internal abstract record LawStep<TOperation>
{
    private LawStep()
    {
    }

    /// <summary>A replica does something, its clock being at a time.</summary>
    internal sealed record Write(int Replica, TOperation Operation, long Milliseconds) : LawStep<TOperation>;

    /// <summary>A replica learns all that another one knows.</summary>
    internal sealed record Hear(int Replica, int From) : LawStep<TOperation>;
}
