namespace Replica.Testing.Vectors;

/// <summary>What became of one test vector.</summary>
public enum VectorOutcome
{
    /// <summary>The product did what the vector says.</summary>
    Passed,

    /// <summary>The product did something else, or the vector can't be read.</summary>
    Failed,

    /// <summary>The vector is about something that the product has no part in.</summary>
    Skipped,
}
