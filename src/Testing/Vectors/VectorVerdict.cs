namespace Replica.Testing.Vectors;

/// <summary>What became of one test vector.</summary>
/// <param name="Id">How its file calls it.</param>
/// <param name="Outcome">Whether it holds.</param>
/// <param name="Detail">Why it does not, or why it was skipped; empty if it passed.</param>
public sealed record VectorVerdict(string Id, VectorOutcome Outcome, string Detail)
{
    /// <summary>It holds.</summary>
    internal static VectorVerdict Pass(string id) => new(id, VectorOutcome.Passed, "");

    /// <summary>It does not.</summary>
    internal static VectorVerdict Fail(string id, string why) => new(id, VectorOutcome.Failed, why);

    /// <summary>It is not the product's business.</summary>
    internal static VectorVerdict Skip(string id, string why) => new(id, VectorOutcome.Skipped, why);

    /// <summary>Judges one vector; what can't be read of it makes it fail.</summary>
    /// <param name="id">How its file calls it.</param>
    /// <param name="check">Gives the verdict, or throws if a part is missing or malformed.</param>
    internal static VectorVerdict Of(string id, Func<VectorVerdict> check)
    {
        try
        {
            return check();
        }
        catch (VectorException fault)
        {
            return Fail(id, fault.Message);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            return Fail(id, $"it can't be set up as it stands: {fault.Message}");
        }
    }
}
