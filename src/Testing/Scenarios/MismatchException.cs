using Replica.Crdt.Values;

namespace Replica.Testing.Scenarios;

/// <summary>An assertion does not hold.</summary>
/// <param name="expected">What had to be visible.</param>
/// <param name="actual">What is visible.</param>
internal sealed class MismatchException(Value expected, Value actual) : Exception("An assertion does not hold.")
{
    public Value Expected => expected;

    public Value Actual => actual;

    /// <summary>Compares what is visible at a replica with what must be.</summary>
    /// <exception cref="MismatchException">They differ.</exception>
    public static void Compare(string replica, Value expected, Value actual)
    {
        if (expected != actual)
        {
            throw new MismatchException(expected, Value.From([new KeyValuePair<string, Value>(replica, actual)]));
        }
    }
}
