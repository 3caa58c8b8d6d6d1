namespace Replica.Testing.Laws;

/// <summary>A type whose operations travel as bytes.</summary>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
public interface IEncodedOperation<TOperation>
{
    /// <summary>The one form of an operation.</summary>
    byte[] Encode(TOperation operation);

    /// <summary>Reads an operation back.</summary>
    TOperation Decode(byte[] bytes);
}
